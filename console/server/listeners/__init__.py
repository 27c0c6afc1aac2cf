"""Listeners: devices that come by MQTT, Cursor-on-Target or a feed that is polled, instead of HTTP."""
