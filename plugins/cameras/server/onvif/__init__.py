"""ONVIF devices: pictures and heads by Profile S and T, and looking for devices in the network."""
