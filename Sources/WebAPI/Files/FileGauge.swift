import Crypto
import HTTPTypes
import Foundation
import Storage

/// Looks at a file while it passes: its kind, its size, its digest; stops what is not taken as soon as that is plain.
struct FileGauge {
    private var head: [UInt8] = []
    private var kind: FileKind?
    private var size = 0
    private var digest = SHA256()
    private let name: String

    /// - Parameter name: The name under which the file is sent, whose ending must be one of its kind.
    init(name: String) {
        self.name = name
    }

    /// Looks at a part.
    ///
    /// - Throws: ``Problem`` 415 for a kind that is not taken, 413 for too much of one.
    mutating func pass(_ part: [UInt8]) throws {
        digest.update(data: part)
        size += part.count
        if kind == nil {
            head += part.prefix(FileKind.telling - head.count)
            if head.count == FileKind.telling { kind = try kind(of: head) }
        }
        if let limit = kind?.limit, size > limit { throw Problem.fileTooLarge(limit: limit) }
    }

    /// What has passed, when it was all.
    ///
    /// - Throws: As ``pass(_:)``, for a file that is shorter than what tells its kind.
    func measure() throws -> (kind: FileKind, measure: FileMeasure) {
        (try kind ?? kind(of: head), FileMeasure(size: size, sha256: Array(digest.finalize())))
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
