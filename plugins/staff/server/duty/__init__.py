"""Who is on duty when: rota, leave, overrides, hand-over, and the clock that makes it so."""
