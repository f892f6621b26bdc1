/// What is wrong with the templates, or with what one of them was given.
public enum TemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One thing wrong in a file.
    public struct Fault: Sendable, Hashable {
        /// The file, below the folder of templates.
        public let file: String
        /// The line, from 1; 0 for the whole file.
        public let line: Int
        /// What is wrong.
        public let message: String
    }

    /// Found while loading: every fault at once.
    case broken([Fault])
    /// No template has this name.
    case unknown(name: String)
    /// The template shows names for which it was given no value.
    case missingValues(template: String, keys: [String])

    /// One line for each fault, with its file and line.
    public var description: String {
        switch self {
        case .broken(let faults):
            faults.map { "\($0.file):\($0.line): \($0.message)" }.joined(separator: "\n")
        case .unknown(let name):
            "There is no mail template \"\(name)\"."
        case .missingValues(let template, let keys):
            "The mail template \"\(template)\" was not given \(keys.joined(separator: ", "))."
        }
    }
}
