"""Cameras that are not there: moving pictures of made-up streets, streamed by RTSP on loopback."""
