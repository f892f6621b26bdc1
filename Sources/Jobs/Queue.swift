/// The job queue: every statement on the schema `queue`, each a value that runs in whatever transaction it is put in.
///
/// A job is delivered at least once, and its outcome is recorded exactly once. Its state is which table holds its row;
/// to move is to delete there and insert here, in one statement. A claimed job carries a lease that only grows, and
/// whatever a worker sends names job, lease and worker, so a worker that was given up changes nothing any more.
///
/// Two clocks: the caller's `now` decides what is due, so that tests and demonstrations can move it; heartbeats,
/// leases and everything that is recorded go by the database's clock.
public enum Queue {}
