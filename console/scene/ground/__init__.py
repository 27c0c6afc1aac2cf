"""What stands under and around the models: terrain, buildings from footprints, the sun. Arrays alone."""
