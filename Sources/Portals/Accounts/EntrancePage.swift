import Accounts
import enum Documents.TemplateValue
import StateMachines
import WebAPI

/// The form with which somebody comes in: signs in, asks for a link, or chooses a password.
struct EntrancePage: Page {
    static let template = "entrance"

    /// What is asked for.
    enum Asked {
        case signIn
        case link
        case password
    }

    let kind: Visitor.Kind
    let asked: Asked
    var notice: String?
    var problem: Problem?
    var email = ""
    /// The token of the link that led here.
    var token = ""
    /// Where the form is sent to.
    var action: String
    /// Where whoever signs in wanted to go.
    var next: String?

    var title: String {
        switch asked {
        case .signIn: "Sign in"
        case .link: "Forgotten password"
        case .password: "Choose a password"
        }
    }

    var values: PageValues {
        let faults = problem?.errors ?? []
        func fault(of field: String) -> TemplateValue {
            .optional(faults.filter { $0.field == field }.map(\.message).joined(separator: " "))
        }
        return [
            "entrance_title": .text(Portal.title(of: kind)), "action": .text(action), "email": .text(email),
            "token": .text(token), "next": .optional(next), "login": .text(Portal.login(of: kind)),
            "forgotten": .text("/\(kind.portal)/forgotten"), "notice": .optional(notice),
            "fault": .optional(problem?.detail), "password_fault": fault(of: "password"),
            "is_sign_in": .flag(asked == .signIn), "is_link": .flag(asked == .link),
            "is_password": .flag(asked == .password), "wants_code": .flag(problem?.code == "totp_required"),
        ]
    }
}
