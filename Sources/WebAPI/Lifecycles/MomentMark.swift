import Database
import Foundation
import HTTPTypes
import StateMachines

/// Where a page of a list by time ended: a moment to the microsecond, and what tells rows of one moment apart.
///
/// Written as numbers and names alone, so that whatever comes back is either of that form or refused.
struct MomentMark {
    private let micros: Int64
    /// What stands after the moment.
    let rest: [String]

    /// Reads a mark.
    ///
    /// - Throws: ``Problem`` 422 for one that is none of ours.
    init(_ text: String) throws(Problem) {
        let parts = text.split(separator: "~", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2, let micros = Int64(parts[0]), abs(micros) < 1 << 60, !text.contains("\0") else {
            throw Self.unreadable
        }
        (self.micros, rest) = (micros, Array(parts.dropFirst()))
    }

    /// The moment, as PostgreSQL reads it.
    var moment: SQL { "(timestamptz 'epoch' + \(micros)::bigint * interval '1 microsecond')" }

    /// The id that stands after the moment.
    var id: UUID {
        get throws(Problem) {
            guard let id = UUID(uuidString: rest[0]) else { throw Self.unreadable }
            return id
        }
    }

    /// Writes a mark.
    static func text(_ micros: Int64, _ id: UUID, _ more: String...) -> String {
        (["\(micros)", id.uuidString.lowercased()] + more).joined(separator: "~")
    }

    /// A moment in microseconds, exactly.
    static func micros(of moment: SQL) -> SQL { "(extract(epoch FROM \(moment)) * 1000000)::bigint" }

    static var unreadable: Problem {
        Problem(
            .unprocessableContent,
            faults: [.init(code: "parameter_invalid", message: "This is no place in the list.", field: "after")])
    }
}
