"""Rules of time: dates, periods and the order of events."""
