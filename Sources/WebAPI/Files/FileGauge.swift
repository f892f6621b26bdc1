import Crypto
import HTTPTypes
import NIOCore
import Synchronization

/// Looks at a file while it passes: its kind, its size, its digest; stops what is not taken as soon as that is plain.
final class FileGauge: Sendable {
    /// What has passed.
    struct Measure: Sendable {
        var kind: FileKind
        var size: Int
        var sha256: [UInt8]
    }

    private struct State {
        var head: [UInt8] = []
        var kind: FileKind?
        var size = 0
        var digest = SHA256()
        var fault: Problem?
    }

    private let name: String
    private let state = Mutex(State())

    /// - Parameter name: The name under which the file is sent, whose ending must be one of its kind.
    init(name: String) {
        self.name = name
    }

    /// Looks at a part, and lets it pass.
    ///
    /// - Throws: ``Problem`` 415 for a kind that is not taken, 413 for too much of one.
    func pass(_ part: ByteBuffer) throws -> ByteBuffer {
        try state.withLock { state in
            state.digest.update(data: part.readableBytesView)
            state.size += part.readableBytes
            if state.kind == nil {
                state.head += part.readableBytesView.prefix(FileKind.telling - state.head.count)
            }
            do {
                if state.kind == nil, state.head.count == FileKind.telling { state.kind = try kind(of: state.head) }
                if let limit = state.kind?.limit, state.size > limit { throw Problem.fileTooLarge(limit: limit) }
            } catch {
                state.fault = error as? Problem
                throw error
            }
            return part
        }
    }

    /// Why it was stopped; whoever writes the file may have thrown something else for it.
    var fault: Problem? { state.withLock(\.fault) }

    /// What has passed, when it was all.
    ///
    /// - Throws: As ``pass(_:)``, for a file that is shorter than what tells its kind.
    func measure() throws -> Measure {
        try state.withLock { state in
            let kind = try state.kind ?? kind(of: state.head)
            return Measure(kind: kind, size: state.size, sha256: Array(state.digest.finalize()))
        }
    }

    private func kind(of head: [UInt8]) throws -> FileKind {
        guard let kind = FileKind(head) else { throw Problem.unknownFile }
        let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        guard kind.extensions.contains(ending) else { throw Problem.misnamedFile(kind) }
        return kind
    }
}

extension Problem {
    /// A file of a kind that is not taken.
    static var unknownFile: Problem {
        Problem(
            .unsupportedMediaType, code: "file_kind_unknown", title: title(of: .unsupportedMediaType),
            detail: "By what is in it, this is no picture, PDF, sound or film of a kind that is taken.")
    }

    /// A file whose name says something else than what is in it.
    static func misnamedFile(_ kind: FileKind) -> Problem {
        Problem(
            .unsupportedMediaType, code: "file_misnamed", title: title(of: .unsupportedMediaType),
            detail:
                "This is \(kind.rawValue); its name has to end in .\(kind.extensions.sorted().joined(separator: ", ."))."
        )
    }

    /// A file that is larger than its kind may be.
    static func fileTooLarge(limit: Int) -> Problem {
        Problem(
            .contentTooLarge, code: "too_large", title: title(of: .contentTooLarge),
            detail: "A file of this kind may have \(limit >> 20) MiB."
        ).with(.connection, "close")
    }
}
