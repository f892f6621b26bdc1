-- Files that people send may be kept by a server that speaks S3; those that are on disk stay there.
ALTER TABLE files
    DROP CONSTRAINT files_kept_in_check,
    ADD CONSTRAINT files_kept_in_check CHECK (kept_in IN ('database', 'disk', 's3'));
