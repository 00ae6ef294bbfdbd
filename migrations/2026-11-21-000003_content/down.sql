DROP TABLE events;
DROP TABLE addresses;
DROP TABLE editions;
DROP TABLE entries;
DROP TABLE pictures;
