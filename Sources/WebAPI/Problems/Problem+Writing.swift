import Database
import HTTPTypes
import StateMachines

extension Problem {
    static var objectWanted: Problem {
        Problem(.unprocessableContent, faults: [.init(code: "wrong_type", message: "The body must be an object.")])
    }

    /// They see it, as the manager of whose it is or without the permission, and cannot change it.
    static func readOnly(_ noun: String) -> Problem {
        .forbidden("read_only", "You can look at the \(noun), and not change it.")
    }

    static var preconditionRequired: Problem {
        Problem(
            HTTPResponse.Status(code: 428), code: "precondition_required", title: "Say which version you saw",
            detail: "Send the ETag of the record that you saw as If-Match, so that nobody's change is overwritten.")
    }

    static var preconditionFailed: Problem {
        Problem(
            .preconditionFailed, code: "changed_meanwhile", title: "It was changed meanwhile",
            detail: "The record is not the one that you saw; read it again and decide again.")
    }

    /// It cannot go while something else needs it.
    static func stillUsed(_ noun: String) -> Problem {
        Problem(
            .conflict, code: "still_used", title: title(of: .conflict),
            detail: "The \(noun) is named by other records, and stays as long as they do.")
    }

    /// What a rule that is about several rows says for itself.
    static func stated(by error: DatabaseError) -> Problem? {
        if error.constraint == "below_margin_floor" {
            return Problem(
                .unprocessableContent,
                faults: [
                    .init(
                        code: "below_margin_floor",
                        message: "The price is under the cost and the smallest margin; that takes prices.approve.",
                        field: error.column)
                ])
        }
        let told: (code: String, detail: String)? =
            switch error.constraint {
            case "admins_super_admin":
                (
                    "last_super_admin",
                    "This is the last active super_admin, and there has to be one: give somebody else that role first."
                )
            case "partner_users_owner":
                ("last_owner", "This is the partner's last active owner: make somebody else an owner first.")
            case "sales_reps_manager_tree":
                ("manager_cycle", "This rep would be above their own manager. Change the other rep's manager first.")
            default: nil
            }
        return told.map { Problem(.conflict, code: $0.code, title: title(of: .conflict), detail: $0.detail) }
    }
}
