/// What a process of the play is told when it begins.
///
/// It comes by standard input: a connection string may hold a password, and arguments are seen by everybody.
struct ChaosOrders: Codable, Sendable {
    /// What the process does.
    enum Role: String, Codable {
        case worker, scheduler
    }

    /// What it does.
    var role: Role
    /// Its name, which no other process of this play has or had.
    var label: String
    /// The database.
    var url: String
    /// How short the lives are.
    var settings: ChaosSettings
}
