DROP TABLE media_uses;
DROP TABLE files;
DROP TABLE blobs;
