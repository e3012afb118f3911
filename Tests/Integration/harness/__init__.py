"""What the tests against real servers stand on: the server as a process, its API, OTLP messages, and how answers are compared."""
