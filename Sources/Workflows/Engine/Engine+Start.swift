import Crypto
public import Database
import Foundation
public import StateMachines

extension Engine {
    /// Makes an engine of the files and the code behind them, or says everything that keeps it from running.
    ///
    /// Refused are: a name of a file without code, code without a name (W160), a machine without a file, and a live
    /// record in a state that the files do not know. States that `was` maps are rewritten; the timers of a definition
    /// that runs for the first time are derived again. The definitions are kept, for events refer to them.
    ///
    /// - Parameters:
    ///   - files: The lifecycle files, which have passed the checker.
    ///   - lifecycles: The code of the machines that run; the other files only load.
    ///   - calendar: The company's calendar.
    ///   - pool: Connections to a migrated database.
    ///   - committed: Called after a commit that may have queued jobs, to wake the queue's fetchers.
    /// - Returns: An engine that can run.
    /// - Throws: ``EngineError/cannotStart(_:)`` with one line for each fault; `DatabaseError`.
    public static func start(
        _ files: WorkflowFiles, lifecycles: [any Lifecycle], calendar: CompanyCalendar, pool: Pool,
        committed: @escaping @Sendable () -> Void = {}
    ) async throws -> Engine {
        var faults: [String] = []
        var runners: [String: any MachineRunner] = [:]
        var versions: [DefinitionVersion] = []
        for lifecycle in lifecycles {
            let name = lifecycle.machineName
            guard let machine = files.machines.first(where: { $0.name == name }) else {
                faults.append("\(name): there is code for this machine but no file")
                continue
            }
            faults += lifecycle.missing(in: machine)
            let hash = Array(SHA256.hash(data: Array(machine.source.utf8)))
            let surroundings = Surroundings(
                vocabulary: files.vocabulary, calendar: calendar, definitionHash: hash)
            runners[name] = runner(lifecycle, machine, surroundings)
            versions.append(DefinitionVersion(machine: machine, hash: hash))
        }
        let all = versions
        faults += try await pool.run { session in try all.flatMap { try $0.unknownStates(in: session) } }
        guard faults.isEmpty else { throw EngineError.cannotStart(faults) }
        try await pool.run { session in for version in all { try version.takeOver(in: session) } }
        return Engine(
            pool: pool, network: MachineNetwork(runners, vocabulary: files.vocabulary), calendar: calendar,
            committed: committed)
    }

    private static func runner(
        _ lifecycle: some Lifecycle, _ machine: Machine, _ surroundings: Surroundings
    ) -> any MachineRunner {
        Runner(lifecycle, machine: machine, surroundings: surroundings)
    }
}

extension Lifecycle {
    /// Names of the file without code, and code that no name uses (W160).
    func missing(in machine: Machine) -> [String] {
        compare(machine.guardWords, with: Set(rules.guards.keys), "guard", machine)
            + compare(machine.applyWords, with: Set(rules.applies.keys), "apply", machine)
            + compare(machine.separationWords, with: Set(rules.separations.keys), "separation", machine)
            + compare(machine.reactions.compactMap(\.find), with: Set(finders.keys), "finder", machine)
            + compare(machine.reactions.compactMap(\.create), with: Set(factories.keys), "factory", machine)
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
