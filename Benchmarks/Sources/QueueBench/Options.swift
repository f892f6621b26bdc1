import Foundation

/// What is measured.
struct Options {
    /// The superuser's connection string of a server; a database is made on it and dropped again.
    var server: String
    /// How many jobs go through.
    var jobs = 50_000
    /// How many jobs one statement enqueues, claims or completes.
    var batch = 100
    /// How many workers, each with a connection of its own; as many programs enqueue.
    var workers = 1
    /// How many bytes of text each job carries.
    var payload = 200
    /// What stands between this program and the server: `none` or `transaction`.
    var pooler = "none"

    struct Usage: Error, CustomStringConvertible {
        let description = """
            usage: QueueBench SERVER-URL [--jobs N] [--batch N] [--workers N] [--payload BYTES] [--pooler transaction]
            """
    }

    init(_ words: [String]) throws {
        guard let server = words.first, words.count % 2 == 1 else { throw Usage() }
        self.server = server
        for index in stride(from: 1, to: words.count, by: 2) {
            let (name, value) = (words[index], words[index + 1])
            if name == "--pooler" {
                pooler = value
                continue
            }
            guard let number = Int(value), number > 0 else { throw Usage() }
            switch name {
            case "--jobs": jobs = number
            case "--batch": batch = number
            case "--workers": workers = number
            case "--payload": payload = number
            default: throw Usage()
            }
        }
    }
}
