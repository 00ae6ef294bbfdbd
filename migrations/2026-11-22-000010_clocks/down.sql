DROP TABLE clock_events;
DROP TABLE clocks;
DROP TABLE calendar_changes;
DROP TABLE calendar_days;
DROP TABLE calendar_years;
DROP TABLE calendars;
