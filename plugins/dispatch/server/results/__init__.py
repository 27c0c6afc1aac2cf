"""What is made of the road graph beside ways and times: instructions, reach, tours, matching, places."""
