import Foundation

/// Where the page of a record is.
enum RecordAddress {
    /// The address of the page of a machine's record.
    static func path(machine: String, id: UUID) -> String {
        "/admin/command-center/\(plural(machine))/\(id.uuidString.lowercased())"
    }

    private static func plural(_ machine: String) -> String {
        switch machine {
        case "order_payment": "orders"
        case "activity": "activities"
        default: machine.replacing("_", with: "-") + "s"
        }
    }
}
