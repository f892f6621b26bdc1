import Foundation
import Mutations

@testable import StateMachines

/// Looks at one mutant after the other as `drizzl workflows check` looks at files.
///
/// The files that a mutant leaves alone are read once.
struct MutantJudge: Sendable {
    /// Who noticed.
    enum Verdict: Sendable, Equatable {
        /// The static checker, by the code of a fault that stops the files from running.
        case refused(String)
        /// The static checker, by a warning.
        case warned(String)
        /// The product check, with its first complaint.
        case violated(String)
        /// Nobody.
        case missed

        /// Whether files with the mistake may not run.
        var isRefusal: Bool {
            switch self {
            case .refused, .violated: true
            case .warned, .missed: false
            }
        }
    }

    let texts: [String: String]
    private let files: WorkflowFiles

    init(directory: URL) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        var texts: [String: String] = [:]
        for name in names where name.hasSuffix(".yaml") {
            texts[name] = try String(contentsOf: directory.appending(path: name), encoding: .utf8)
        }
        self.texts = texts
        let loaded = WorkflowFiles.load(texts: texts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        // Where the files have a fault already, every mutant would seem to be noticed.
        if let fault = CheckReport(loaded).faults.first { throw fault }
        files = loaded.files
    }

    func verdict(of mutant: Mutant) -> Verdict {
        let loaded = WorkflowFiles.load(texts: [(mutant.file, mutant.text)])
        // The vocabulary is not missing; it only was not read again.
        let unread = loaded.faults.filter { !$0.isWarning && $0.location.file == mutant.file }
        if let fault = unread.first { return .refused(fault.code) }
        guard let machine = loaded.files.machines.first else { return .refused("W000") }

        var changed = files
        changed.machines = files.machines.map { $0.name == machine.name ? machine : $0 }
        // Most mistakes show in their own machine; only the others cost a look at every machine.
        let own = MachineCheck(machine: machine, files: changed).faults
        if let fault = own.first(where: { !$0.isWarning }) { return .refused(fault.code) }
        let all = Checker().check(changed)
        if let fault = all.first(where: { !$0.isWarning }) { return .refused(fault.code) }
        // Whatever `drizzl workflows check` explores, in the worlds that the mistake can be seen in.
        let product = ProductCheck(changed).firstFault(worldsWith: machine.name.text)
        if let product, !product.isWarning { return .violated(product.message) }
        return (all.first ?? product).map { .warned($0.code) } ?? .missed
    }
}

extension MutantJudge {
    /// Judges all mutants on every processor there is.
    ///
    /// - Returns: The verdicts in the order of the mutants.
    @concurrent func verdicts(of mutants: [Mutant]) async -> [Verdict] {
        let width = ProcessInfo.processInfo.activeProcessorCount
        return await withTaskGroup(of: [(Int, Verdict)].self) { group in
            for lane in 0..<width {
                group.addTask {
                    stride(from: lane, to: mutants.count, by: width).map { ($0, verdict(of: mutants[$0])) }
                }
            }
            var verdicts = [Verdict](repeating: .missed, count: mutants.count)
            for await lane in group {
                for (index, verdict) in lane { verdicts[index] = verdict }
            }
            return verdicts
        }
    }
}
