import Foundation
import WebAPI

/// Where other parts of the command centre have their pages about a record, as far as they are there.
struct PageLinks: Sendable {
    private let paths: Set<String>

    /// - Parameter routes: Every page that there is.
    init(_ routes: [PageRoute]) { paths = Set(routes.map(\.operation.path)) }

    /// Whether there is such a page.
    func has(_ path: String) -> Bool { paths.contains(path) }

    /// Where a move can be tried without making it.
    func whatIf(_ machine: String, _ record: UUID) -> String? { address("what-if/{machine}/{id}", machine, record) }

    /// The way that a record has gone through its lifecycle.
    func path(_ machine: String, _ record: UUID) -> String? { address("lifecycles/{machine}/{id}", machine, record) }

    /// A job's page.
    func job(_ id: Int64) -> String? {
        let path = "/admin/command-center/ops/jobs/{id}"
        return has(path) ? path.replacing("{id}", with: "\(id)") : nil
    }

    private func address(_ end: String, _ machine: String, _ record: UUID) -> String? {
        let path = "/admin/command-center/" + end
        guard has(path) else { return nil }
        return path.replacing("{machine}", with: machine).replacing("{id}", with: record.uuidString.lowercased())
    }
}
