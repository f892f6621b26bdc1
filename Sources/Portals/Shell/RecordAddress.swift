import Accounts
import Foundation
import WebAPI

/// Where every record that has a page has it, for whatever links to records.
enum RecordAddress {
    /// The address of a record's page in the command centre.
    static func path(machine: String, id: UUID) -> String {
        let kind = RecordKind.all.first { $0.machine == machine && $0.portal == .admin && $0.place == nil }
        return kind?.path(id) ?? "\(Portal.home(of: .admin))/\(machine)s/\(id.uuidString.lowercased())"
    }
}
