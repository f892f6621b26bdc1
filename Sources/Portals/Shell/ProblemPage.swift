import Accounts
import enum Documents.TemplateValue
import StateMachines
import WebAPI

/// What went wrong, to a person.
struct ProblemPage: Page {
    static let template = "problem"

    let problem: Problem
    let requestID: String
    let home: Visitor.Kind?

    var title: String { problem.title }

    var values: PageValues {
        [
            "detail": .text(problem.detail), "code": .text(problem.code), "request_id": .text(requestID),
            "reasons": .list(problem.errors.dropFirst().map { ["message": .text($0.message)] }),
            "back": .text(home.map(Portal.home) ?? "/"),
        ]
    }
}
