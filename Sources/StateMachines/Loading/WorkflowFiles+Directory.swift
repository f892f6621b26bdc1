public import Foundation

extension WorkflowFiles {
    /// The largest file that is read; the largest of ours has 33 KiB.
    static let largestFile = 1_048_576

    /// Reads every `*.yaml` of a folder, but not of folders in it (`scenarios/`).
    ///
    /// Never stops at a fault: what could be read and all faults of all files are in the answer. The only code of this
    /// module that touches a disk.
    ///
    /// - Parameter directory: The folder; its path is repeated in every message as it was given.
    /// - Returns: Everything that could be read, and every fault of all files.
    public static func load(directory: URL) -> Loaded {
        let folder = directory.relativePath
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
        } catch {
            let place = SourceLocation(file: folder, line: 1, column: 1)
            let fault = Fault(code: "W000", location: place, message: "the folder of lifecycle files cannot be read")
            return Loaded(files: WorkflowFiles(machines: [], vocabulary: Vocabulary()), faults: [fault])
        }
        var sources: [Source] = []
        for name in names where !name.hasPrefix(".") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) {
            let path = prefix + name
            if name.hasSuffix(".yml") {
                sources.append(Source(name: path, bytes: .failure(refusal(path, "lifecycle files end in .yaml"))))
            } else {
                sources.append(Source(name: path, bytes: bytes(of: directory.appending(path: name), named: path)))
            }
        }
        return load(sources, folder: prefix)
    }

    /// Looks at the size first, so that a file put there by mistake is not read into memory.
    package static func bytes(of url: URL, named name: String) -> Result<[UInt8], Fault> {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                return .failure(refusal(name, "this is no plain file"))
            }
            guard let size = attributes[.size] as? Int, size <= largestFile else {
                return .failure(refusal(name, "the file is larger than 1 MiB"))
            }
            return .success(Array(try Data(contentsOf: url)))
        } catch {
            return .failure(refusal(name, "the file cannot be read"))
        }
    }

    private static func refusal(_ name: String, _ message: String) -> Fault {
        Fault(code: "W000", location: SourceLocation(file: name, line: 1, column: 1), message: message)
    }
}
