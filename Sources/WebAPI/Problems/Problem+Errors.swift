import Database
import HTTPTypes
import Hummingbird
import Jobs
import Logging
import NIOCore
public import StateMachines
import Workflows

extension Problem {
    /// A refusal of the engine, as it is told to whoever asked.
    public init(_ refusal: Refusal) {
        let status = HTTPResponse.Status(code: refusal.status)
        self.init(
            status, code: refusal.codes.first ?? "refused", title: Self.title(of: status),
            detail: refusal.reasons.first?.message ?? "It was refused.", errors: refusal.reasons,
            state: refusal.state, possible: refusal.possible)
    }

    /// The one place in which an error of any kind becomes an answer.
    ///
    /// - Parameter error: What was thrown anywhere behind the door.
    public init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let refusal as Refusal: self.init(refusal)
        case let fault as JSONFault: self = fault.problem
        case EngineError.unknownMachine: self = .notFound("kind of record")
        // Another version of the program that runs beside this one can do it.
        case EngineError.otherVersion: self = .unavailable
        case let schedule as UnreadableSchedule:
            self.init(
                .conflict, code: "schedule_unreadable", title: Self.title(of: .conflict), detail: schedule.description)
        case let database as DatabaseError: self = database.isPassing ? .unavailable : .defect
        case let http as any HTTPResponseError: self.init(statusOf: http)
        default: self = .defect
        }
    }

    /// What Hummingbird itself refuses: no route, a body that is too long.
    private init(statusOf error: any HTTPResponseError) {
        switch error.status {
        case .notFound: self = .notFound("address")
        case .contentTooLarge: self = .tooLarge(limit: RequestLimits.bodyBytes)
        case let status where status.code < 500:
            self.init(
                status, code: "bad_request", title: Self.title(of: status), detail: "The request was not understood.")
        default: self = .defect
        }
    }
}

extension DatabaseError {
    /// Whether it goes by itself, so that asking again makes sense.
    var isPassing: Bool {
        switch kind {
        case .connection, .cancelled, .serialization, .deadlock, .lockTimeout, .statementTimeout: true
        case .constraint, .decoding, .other: false
        }
    }
}

extension Problem {
    /// How loudly the log tells of the error behind this problem: what is refused is no news, what breaks is.
    var logLevel: Logger.Level {
        switch status.code {
        case 500: .error
        case 501...599: .warning
        default: .debug
        }
    }
}
