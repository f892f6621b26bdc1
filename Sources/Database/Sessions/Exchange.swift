/// One step of a round trip, as a method of ``Session`` asks for it.
enum Step {
    /// A caller's statement, whose result goes back to it.
    case statement(SQL)
    /// A statement of our own about the transaction, whose result says nothing.
    case control(Control)

    /// What the session says of itself.
    enum Control: Equatable {
        case begin(IsolationLevel)
        case commit
        case rollback
        case savepoint(String)
        case rollbackTo(String)
        case release(String)

        var text: String {
            switch self {
            case .begin(let level): "BEGIN ISOLATION LEVEL " + level.rawValue
            case .commit: "COMMIT"
            case .rollback: "ROLLBACK"
            case .savepoint(let name): "SAVEPOINT " + name
            case .rollbackTo(let name): "ROLLBACK TO SAVEPOINT " + name
            case .release(let name): "RELEASE SAVEPOINT " + name
            }
        }
    }
}

/// One message to the server, in the order of sending; each has its answer in the same order.
enum Message {
    case deallocate(String)
    case control(Step.Control)
    /// What a transaction begins with; see ``TransactionSetUp``.
    case setUp(SQL)
    case prepare(StatementKey, PreparedStatement)
    case executePrepared(SQL, PreparedStatement)
    case execute(SQL)
    case sync
}

/// What came back from a round trip that reached its end.
struct Answers {
    var results: [StatementResult] = []
    var failure: ServerReport?
    /// Whether it was not the caller's work that failed but what it begins with.
    var isSetUpFailure = false
}

/// Turns steps into messages: decides what is prepared, what is only executed and what is dropped.
struct MessagePlan {
    private(set) var messages: [Message] = []
    /// Whether all of it is undone when a part of it fails and no transaction was open before.
    private(set) var undoesItself = true
    /// Whether statements are kept prepared: not when the next transaction may meet another server's connection.
    private let prepares: Bool

    init(
        _ steps: [Step], cache: inout StatementCache, isIdle: Bool, setUp: TransactionSetUp? = nil
    ) throws(DatabaseError) {
        prepares = setUp == nil
        var opening = isIdle ? setUp.flatMap { $0.isNeeded(for: steps) ? $0.sql : nil } : nil
        // Dropped in a piece of their own, so that a failure there cannot reach the caller's statements; inside a
        // transaction it would.
        if isIdle {
            messages = cache.takeDiscarded().map { .deallocate($0) }
            if !messages.isEmpty { messages.append(.sync) }
        }
        var preparing: [StatementKey: PreparedStatement] = [:]
        for step in steps {
            switch step {
            case .control(let control):
                messages.append(.control(control))
                if control == .commit { undoesItself = false }
                if case .begin = control, let sql = opening.take() { messages.append(.setUp(sql)) }
            case .statement(let sql):
                if let sql = opening.take() { messages.append(.setUp(sql)) }
                try sql.checkSendable()
                try plan(sql, &preparing, &cache)
            }
        }
        messages.append(.sync)
    }

    private mutating func plan(
        _ sql: SQL, _ preparing: inout [StatementKey: PreparedStatement], _ cache: inout StatementCache
    ) throws(DatabaseError) {
        let key = StatementKey(sql)
        if let statement = cache.find(key) ?? preparing[key] {
            messages.append(.executePrepared(sql, statement))
            return
        }
        let keyword = SQLKeyword.first(of: sql.text)
        guard keyword != "COPY" else { throw DatabaseError.misuse("use copyIn for COPY") }
        guard SQLKeyword.isPlanned(keyword) else {
            undoesItself = false
            messages.append(.execute(sql))
            return
        }
        guard prepares, sql.text.utf8.count <= StatementCache.longestText else {
            messages.append(.execute(sql))
            return
        }
        let statement = cache.makeStatement()
        preparing[key] = statement
        messages.append(.prepare(key, statement))
        messages.append(.executePrepared(sql, statement))
    }
}
