"""Devices and platforms that cameras hang on: ONVIF devices, GB/T 28181 platforms."""
