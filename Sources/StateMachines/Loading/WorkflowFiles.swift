/// All that stands in a folder of lifecycle files: the machines and the words that they use.
public struct WorkflowFiles: Sendable {
    /// The machines, by name.
    public var machines: [Machine]
    /// The words.
    public var vocabulary: Vocabulary
    /// What is demanded across machines; nil where there is no `properties.yaml`.
    public var properties: Properties?
    /// Files of which a part could not be read.
    ///
    /// What such a file lacks is not judged: it may have been meant to be there.
    public var damaged: Set<String>
    /// Machines of which nothing could be read.
    ///
    /// They exist, and that is all that is known of them.
    public var unread: Set<String>

    /// Puts files together that were read or made elsewhere.
    public init(
        machines: [Machine], vocabulary: Vocabulary, properties: Properties? = nil, damaged: Set<String> = [],
        unread: Set<String> = []
    ) {
        self.machines = machines.sorted { $0.name.text < $1.name.text }
        (self.vocabulary, self.properties) = (vocabulary, properties)
        (self.damaged, self.unread) = (damaged, unread)
    }

    /// The machine of that name.
    public func machine(named name: String) -> Machine? { machines.first { $0.name == name } }
}

extension WorkflowFiles {
    /// What came of reading: everything that could be read, and every fault of all files.
    public struct Loaded: Sendable {
        /// What could be read.
        public var files: WorkflowFiles
        /// What could not, in the order of the files.
        public var faults: [Fault]

        /// Puts a result together.
        public init(files: WorkflowFiles, faults: [Fault]) {
            (self.files, self.faults) = (files, faults)
        }
    }

    /// One file as it was found: its bytes, or why there are none.
    package struct Source {
        package var name: String
        package var bytes: Result<[UInt8], Fault>

        package init(name: String, bytes: Result<[UInt8], Fault>) {
            (self.name, self.bytes) = (name, bytes)
        }

        /// The name without folder and ending.
        var stem: String {
            let last = name.split(separator: "/").last.map(String.init) ?? name
            return last.hasSuffix(".yaml") ? String(last.dropLast(5)) : last
        }
    }

    /// Reads texts that are at hand; the same as ``load(directory:)`` without a disk.
    ///
    /// - Parameter texts: File names, such as `invoice.yaml`, and what stands in each.
    /// - Returns: Everything that could be read, and every fault of all texts.
    public static func load(texts: [(name: String, text: String)]) -> Loaded {
        load(texts.map { Source(name: $0.name, bytes: .success(Array($0.text.utf8))) }, folder: "")
    }

    static func load(_ sources: [Source], folder: String) -> Loaded {
        let notes = FaultNotes()
        var files = WorkflowFiles(machines: [], vocabulary: Vocabulary())
        var hasVocabulary = false
        for source in sources {
            let root = SourceNode.read(source, notes: notes)
            switch source.stem {
            case "vocabulary":
                hasVocabulary = true
                if let root { files.vocabulary = Vocabulary(reading: root.node, notes: notes) }
            case "properties":
                if let root { files.properties = Properties(reading: root.node, notes: notes) }
            default:
                let machine = root.flatMap { Machine(reading: $0.node, source: $0.text, notes: notes) }
                if let machine { files.machines.append(machine) } else { files.unread.insert(source.stem) }
            }
        }
        if !hasVocabulary {
            let place = SourceLocation(file: folder + "vocabulary.yaml", line: 1, column: 1)
            notes.add(
                "W000", at: place, "vocabulary.yaml is missing; every word of the machine files is explained there")
        }
        files.machines.sort { ($0.name.text, $0.name.location.file) < ($1.name.text, $1.name.location.file) }
        files.damaged = notes.damagedFiles
        return Loaded(files: files, faults: notes.faults.sorted())
    }
}
