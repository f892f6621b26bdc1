import Foundation

/// A failure with words, for what `#expect` cannot say.
struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A new directory that any user may enter.
func makeScratch() throws -> String {
    let path = "/tmp/drizzl-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    return path
}

/// Gives `body` a new directory, and removes it afterwards.
func withScratch<T>(_ body: (String) throws -> T) throws -> T {
    let path = try makeScratch()
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
}

/// Runs what waits on a thread of its own: the threads that all tests share are few.
func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
