DROP TABLE mail_unsubscribed;
DROP TABLE mail_refusals;
DROP TABLE mails;
