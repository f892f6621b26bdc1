import Crypto
public import Database
import Foundation
public import StateMachines

extension Engine {
    /// Makes an engine of the files and the code behind them, or says everything that keeps it from running.
    ///
    /// Refused are: a name of a file without code, code without a name (W160), a machine without a file, and a live
    /// record in a state that the files do not know. The definitions are kept, for events refer to them.
    ///
    /// - Parameters:
    ///   - files: The lifecycle files, which have passed the checker.
    ///   - lifecycles: The code of the machines that run; the other files only load.
    ///   - calendar: The company's calendar.
    ///   - pool: Connections to a migrated database.
    ///   - committed: Called after a commit that queued jobs, to wake the queue's fetchers.
    /// - Returns: An engine that can run.
    /// - Throws: ``EngineError/cannotStart(_:)`` with one line for each fault; `DatabaseError`.
    public static func start(
        _ files: WorkflowFiles, lifecycles: [any Lifecycle], calendar: CompanyCalendar, pool: Pool,
        committed: @escaping @Sendable () -> Void = {}
    ) async throws -> Engine {
        var faults: [String] = []
        var runners: [String: any MachineRunner] = [:]
        for lifecycle in lifecycles {
            let name = type(of: lifecycle).machine
            guard let machine = files.machines.first(where: { $0.name == name }) else {
                faults.append("\(name): there is code for this machine but no file")
                continue
            }
            faults += lifecycle.missing(in: machine)
            let hash = Array(SHA256.hash(data: Array(machine.source.utf8)))
            let surroundings = Surroundings(
                vocabulary: files.vocabulary, calendar: calendar, definitionHash: hash)
            runners[name] = runner(lifecycle, machine, surroundings)
            faults += try await pool.run { session in try keep(machine, hash, in: session) }
        }
        guard faults.isEmpty else { throw EngineError.cannotStart(faults) }
        return Engine(pool: pool, runners: runners, committed: committed)
    }

    private static func runner(
        _ lifecycle: some Lifecycle, _ machine: Machine, _ surroundings: Surroundings
    ) -> any MachineRunner {
        Runner(lifecycle, machine: machine, surroundings: surroundings)
    }

    /// Keeps the definition, and answers the live records whose state it does not know.
    private static func keep(_ machine: Machine, _ hash: [UInt8], in session: Session) throws -> [String] {
        // Names of tables and columns cannot be bound; these come from files whose names the loader has checked.
        let field: SQL = "\(unsafeUnescaped: machine.field.text)"
        let entity: SQL = "\(unsafeUnescaped: machine.entity.text)"
        let states = machine.states.map(\.name.text)
        let results = try session.begin(with: [
            "SET LOCAL ROLE drizzl_engine",
            """
            INSERT INTO workflow_definitions (hash, machine, version, body)
            VALUES (\(hash), \(machine.name.text), \(machine.version), \(machine.source)) ON CONFLICT DO NOTHING
            """,
            """
            SELECT \(field) AS state, count(*) AS records FROM \(entity)
            WHERE NOT (\(field) = ANY(\(states))) GROUP BY 1 ORDER BY 1
            """,
        ])
        try session.commit()
        return try results[2].rows.map { row in
            let count = try row.value("records", as: Int.self)
            return
                "\(machine.name): \(count) records are in the state \(try row.value("state", as: String.self)), which the file does not know"
        }
    }
}

extension Lifecycle {
    /// Names of the file without code, and code that no name uses (W160).
    func missing(in machine: Machine) -> [String] {
        compare(machine.guardWords, with: Set(rules.guards.keys), "guard", machine)
            + compare(machine.applyWords, with: Set(rules.applies.keys), "apply", machine)
            + compare(machine.separationWords, with: Set(rules.separations.keys), "separation", machine)
    }

    private func compare(_ words: [Word], with code: Set<String>, _ what: String, _ machine: Machine) -> [String] {
        let missing = words.filter { !code.contains($0.text) }.map {
            "\($0.location): W160 the \(what) \($0) has no code behind it"
        }
        let named = Set(words.map(\.text))
        let unused = code.subtracting(named).sorted().map {
            "\(machine.name.location): W160 there is code for the \(what) \($0), but the file does not use it"
        }
        return missing + unused
    }
}
