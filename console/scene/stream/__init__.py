"""Which tiles of a view are here, which are read next: independent of who draws them."""
