extension Ledger {
    /// What the play writes into its database beside the queue.
    ///
    /// Nothing here refuses a second effect: it is to be found, not prevented.
    static let schema = """
        CREATE SCHEMA chaos;
        -- Each time that a handler began; written at once, not in the job's transaction.
        CREATE TABLE chaos.runs (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            job_id bigint NOT NULL, lease integer NOT NULL, worker_id bigint NOT NULL, label text NOT NULL,
            begun_at timestamptz NOT NULL DEFAULT clock_timestamp());
        -- What handlers did, in their jobs' transactions.
        CREATE TABLE chaos.effects (
            run_number bigint NOT NULL, job_id bigint NOT NULL, lease integer NOT NULL, worker_id bigint NOT NULL,
            children bigint[] NOT NULL, ended_at timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE INDEX ON chaos.effects (job_id);
        -- What zombies tried.
        CREATE TABLE chaos.refusals (
            run_number bigint NOT NULL, job_id bigint NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
        -- What was asked for, in the transaction in which it was asked for.
        CREATE TABLE chaos.sent (number bigint PRIMARY KEY, job_id bigint NOT NULL, is_created boolean NOT NULL);
        -- Which process each worker was.
        CREATE TABLE chaos.lives (worker_id bigint PRIMARY KEY, label text NOT NULL);
        -- What the one who asked was told, and whom it has lost when; written in the end.
        CREATE TABLE chaos.acknowledged (number bigint PRIMARY KEY);
        CREATE TABLE chaos.losses (label text NOT NULL, at timestamptz NOT NULL);
        CREATE FUNCTION chaos.note_life() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
            INSERT INTO chaos.lives VALUES (new.id, new.name);
            RETURN NULL;
        END $$;
        CREATE TRIGGER note_life AFTER INSERT ON queue.workers FOR EACH ROW EXECUTE FUNCTION chaos.note_life();
        GRANT USAGE ON SCHEMA chaos TO drizzl_app;
        GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA chaos TO drizzl_app;
        """
}
