"""Cameras of GB/T 28181 by way of a WVP platform, which speaks SIP with them and offers a REST API."""
