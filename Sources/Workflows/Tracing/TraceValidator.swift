public import Database
import Foundation
public import StateMachines

/// Proves that what the database holds is what the lifecycles allow, or says what is not.
///
/// One pass over everything, in pages, on one snapshot: the program may run on. Every record of every machine that ever
/// ran is judged by the definitions that its events name.
public struct TraceValidator: Sendable {
    /// How many rows are read at once.
    static let page = 1_000

    let files: WorkflowFiles
    let page: Int

    /// Makes a validator.
    ///
    /// - Parameter files: The lifecycle files as they are now: their words say what must hold in which states.
    public init(_ files: WorkflowFiles) {
        self.init(files, page: Self.page)
    }

    package init(_ files: WorkflowFiles, page: Int) {
        (self.files, self.page) = (files, page)
    }

    /// Judges everything.
    ///
    /// - Parameter pool: Connections that may read all tables.
    /// - Returns: What was looked at, and what is wrong.
    /// - Throws: `DatabaseError`.
    public func judge(_ pool: Pool) async throws -> TraceReport {
        try await pool.run { session in
            try session.begin(.repeatableRead, with: ["SET TRANSACTION READ ONLY"])
            let report = try judge(session)
            try session.rollback()
            return report
        }
    }

    /// Judges everything that an open transaction sees.
    package func judge(_ session: Session) throws -> TraceReport {
        var report = TraceReport()
        var machines: [String: Machine] = [:]
        for row in try session.query(TracedMachine.names) {
            let name = try row.value("machine", as: String.self)
            report.machines.append(TraceReport.Count(machine: name))
            guard let machine = try TracedMachine(name, files: files, in: session) else {
                report.add(TraceViolation(machine: name, "there is history, but no definition can be read"))
                continue
            }
            machines[name] = machine.now
            for fault in machine.faults { report.add(TraceViolation(machine: name, fault)) }
            guard try machine.hasColumns(in: session) else {
                let columns = "\(machine.now.entity).\(machine.now.field), with _seq and _since"
                report.add(TraceViolation(machine: name, "there is no \(columns)"))
                continue
            }
            try RecordSweep(machine: machine, session: session, page: page).run(&report)
            try HoldSweep(machine: machine, vocabulary: files.vocabulary, session: session, page: page).run(&report)
        }
        try CommandSweep(session: session, page: page).run(&report)
        try JobSweep(machines: machines, session: session, page: page).run(&report)
        try TaskSweep(machines: machines, session: session, page: page).run(&report)
        return report
    }
}
