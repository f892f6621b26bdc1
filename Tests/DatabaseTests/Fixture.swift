import Database
import Dispatch
import Foundation
import Synchronization
import TestSupport

/// A pool on a scratch database, for the length of one test.
func withPool<Value>(
    connections: Int = 4, configure: (inout DatabaseConfiguration) -> Void = { _ in },
    _ body: (Pool) async throws -> Value
) async throws -> Value {
    try await ScratchDatabase.with { url in
        var configuration = DatabaseConfiguration(url: url, maximumConnections: connections)
        configure(&configuration)
        let pool = Pool(configuration)
        do {
            let value = try await body(pool)
            await pool.close()
            return value
        } catch {
            await pool.close()
            throw error
        }
    }
}

/// Waits until a condition holds, giving way to others; fails the test by throwing after ten seconds.
func eventually(_ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw NeverHappened() }
        try await Task.sleep(for: .milliseconds(2))
    }
}

struct NeverHappened: Error {}

/// The error that `body` throws, if it is one of the database's.
func databaseError(_ body: () async throws -> some Any) async -> DatabaseError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? DatabaseError
    }
}

/// The error that a synchronous `body` throws, if it is one of the database's.
func databaseErrorNow(_ body: () throws -> some Any) -> DatabaseError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? DatabaseError
    }
}

/// Holds a session's own thread until the test lets it go on.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() { semaphore.wait() }
    func open() { semaphore.signal() }
}

/// Numbers in the order in which they came, from any thread.
final class Order: Sendable {
    private let collected = Mutex<[Int]>([])

    var numbers: [Int] { collected.withLock { $0 } }
    func append(_ number: Int) { collected.withLock { $0.append(number) } }
}
