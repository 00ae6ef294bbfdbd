DROP TABLE sections;
DROP TABLE epochs;
DROP TABLE hosts;
DROP TABLE sites;
