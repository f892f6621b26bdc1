// The examples of docs/jobs.md; GuidePageTests compares them with the page, GuideTests runs them.
import Database
import Foundation
import Jobs
import Logging
import Workers

// example: job
struct SendWelcome: Job {
    static let kind = "send_welcome"
    var customer: UUID

    func run(in context: JobContext) async throws {
        try await context.transaction { session in
            try session.execute("INSERT INTO greetings (customer) VALUES (\(customer))")
        }
    }
}
// end

// example: values
struct ImportCatalogue: Job {
    static let kind = "import_catalogue"
    static let queue = "imports"
    static let priority = JobPriority.bulk
    static let retry = RetryPolicy(
        name: "import", attempts: 4, backoff: .steps([.seconds(60), .seconds(600)]))
    static let timeLimit = Duration.seconds(900)

    var supplier: String

    /// However often it is asked for, one import of a supplier waits or runs.
    var uniqueKey: String? { supplier }

    func run(in context: JobContext) async throws {
        let lines = try await Catalogue.lines(of: supplier)
        for (number, line) in lines.enumerated() {
            try Task.checkCancellation()
            context.progress(Double(number) / Double(lines.count), "\(number) of \(lines.count)")
            if line.isEmpty { context.log("line \(number + 1) is empty", level: .warning) }
        }
        try context.output(["lines": lines.count])
    }
}
// end

// example: handler
struct SendReceipt: JobPayload {
    static let kind = "send_receipt"
    var order: Int
}

struct SendReceiptHandler: JobHandler {
    let retry = RetryPolicy.network
    let timeLimit = Duration.seconds(120)
    let mail: any ReceiptMail

    func run(_ job: SendReceipt, in context: JobContext) async throws {
        // The other side keeps the key, so a second delivery of this job sends no second mail.
        try await mail.send(receiptOf: job.order, idempotencyKey: "receipt/\(context.id)")
    }
}
// end

// example: failures
struct CapturePayment: Job {
    static let kind = "capture_payment"
    var answer: Int

    func run(in context: JobContext) async throws {
        switch answer {
        case 200: context.remark("captured")
        case 425: throw JobFailure.snooze(.seconds(3_600), "the goods have not left yet")
        case 429: throw JobFailure.retryAfter(.seconds(30), "the gateway is busy")
        case 404: throw JobFailure.discard("the gateway knows no such payment")
        default: throw JobFailure.retry("the gateway answered \(answer)")
        }
    }
}
// end

// example: followup
struct CloseAccount: Job {
    static let kind = "close_account"
    var customer: UUID

    func run(in context: JobContext) async throws {
        let later = context.now().addingTimeInterval(30 * 86_400)
        try await context.transaction { session in
            try session.execute("INSERT INTO greetings (customer) VALUES (\(customer))")
            try context.enqueue(EraseAccount(customer: customer), runAt: later, in: session)
        }
    }
}
// end

// example: sealed
struct EraseAccount: Job {
    static let kind = "erase_account"
    static let isSealed = true
    var customer: UUID

    func run(in context: JobContext) async throws {}
}
// end

protocol ReceiptMail: Sendable {
    func send(receiptOf order: Int, idempotencyKey: String) async throws
}

enum Catalogue {
    static func lines(of supplier: String) async throws -> [String] { ["a", "", "c"] }
}
