"""Assessment of closed events: on the event's card, and as a list by class, area and street."""
