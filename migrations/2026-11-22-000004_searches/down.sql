DROP TABLE searches_settled;
DROP TABLE searches;
