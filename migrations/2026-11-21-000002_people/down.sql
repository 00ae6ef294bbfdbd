DROP TABLE failures;
DROP TABLE tickets;
DROP TABLE sessions;
DROP TABLE roles;
DROP TABLE users;
