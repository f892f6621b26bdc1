/// What makes two statements the same to the server: the text and the types said with it.
struct StatementKey: Hashable {
    let text: String
    let oids: [UInt32]

    init(_ sql: SQL) {
        text = sql.text
        oids = sql.parameters.map(\.oid)
    }
}

/// A statement that the server keeps parsed and planned under a name.
final class PreparedStatement {
    let name: String
    /// The columns of its last result, kept so that they need not be read again for each.
    var layout: RowLayout?
    var lastUse = 0

    init(name: String) {
        self.name = name
    }
}

/// The prepared statements of one connection, the least recently used dropped first.
///
/// It holds only what the server has confirmed: a preparation that was skipped in a failed pipeline is not in it.
/// Names are never used twice, so a doubt about one statement cannot reach another.
struct StatementCache {
    /// How many statements a connection keeps; each costs the server some tens of kilobytes.
    static let capacity = 256
    /// Longer texts are made by programs, seldom the same twice.
    static let longestText = 16_384

    private var statements: [StatementKey: PreparedStatement] = [:]
    private var uses = 0
    private var names = 0
    /// Names the server still keeps though we dropped them.
    private(set) var discarded: [String] = []

    var count: Int { statements.count }

    mutating func makeStatement() -> PreparedStatement {
        names += 1
        return PreparedStatement(name: "s\(names)")
    }

    mutating func find(_ key: StatementKey) -> PreparedStatement? {
        guard let statement = statements[key] else { return nil }
        uses += 1
        statement.lastUse = uses
        return statement
    }

    /// Takes in a statement that the server has confirmed.
    mutating func insert(_ statement: PreparedStatement, for key: StatementKey) {
        uses += 1
        statement.lastUse = uses
        if let former = statements.updateValue(statement, forKey: key) { discarded.append(former.name) }
        guard statements.count > Self.capacity else { return }
        if let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            statements[oldest.key] = nil
            discarded.append(oldest.value.name)
        }
    }

    /// Drops one statement, whose plan has become useless.
    mutating func forget(_ statement: PreparedStatement) {
        guard let key = statements.first(where: { $0.value === statement })?.key else { return }
        statements[key] = nil
        discarded.append(statement.name)
    }

    /// Drops all statements, since the server seems to have done so.
    mutating func forgetAll() {
        statements.removeAll()
        discarded.removeAll()
    }

    /// Hands over the names the server may drop.
    mutating func takeDiscarded() -> [String] {
        defer { discarded.removeAll() }
        return discarded
    }
}
