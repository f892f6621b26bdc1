import Database
import Foundation

/// What the server gives to a client that does nothing else: pgbench, with prepared statements.
struct Limit {
    /// The connection string of the database that is measured.
    let url: String

    /// One run of a script.
    struct Run {
        /// Transactions per second.
        var rate: Double
        /// How many there were.
        var transactions: Int
    }

    /// Runs a script in pgbench's language.
    ///
    /// - Parameters:
    ///   - script: The script.
    ///   - clients: How many run it at once, each on a connection of its own.
    ///   - transactions: How often each of them does.
    /// - Returns: How fast it was.
    /// - Throws: ``BenchFailure`` with what pgbench said.
    func run(_ script: String, clients: Int = 1, transactions: Int) throws -> Run {
        let file = FileManager.default.temporaryDirectory.appending(path: "limit-\(UUID().uuidString).sql")
        try Data(script.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        // Plans are not compiled, as on the product's connections.
        let said = try Program.output([
            "PGOPTIONS=-c jit=off", "pgbench", "-n", "-M", "prepared", "-c", "\(clients)", "-j", "\(min(clients, 2))",
            "-t", "\(transactions)", "-f", file.path, url,
        ])
        guard let rate = said.firstMatch(of: /tps = ([0-9.]+) \(without/).flatMap({ Double($0.1) }) else {
            throw BenchFailure("pgbench said no rate:\n\(said)")
        }
        return Run(rate: rate, transactions: clients * transactions)
    }
}

extension SQL {
    /// The statement in pgbench's language.
    ///
    /// - Parameter values: What stands for each parameter: a literal, or a variable such as `:jobs`.
    /// - Returns: The text, on one line, without a semicolon.
    func script(_ values: String...) -> String {
        precondition(values.count == parameters.count, "\(parameters.count) parameters in \(text)")
        var script = text.replacing(/--[^\n]*/, with: "").replacing(/\s+/, with: " ")
        // The last first, so that $1 is not found in $12.
        for (index, value) in values.enumerated().reversed() { script = script.replacing("$\(index + 1)", with: value) }
        return script
    }
}
