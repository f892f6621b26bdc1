public import Documents
public import StateMachines
internal import Workflows

extension HandlerSet {
    /// What the vocabulary names and the code behind the queue does not know (W160): kinds of jobs, notices, templates,
    /// documents, recipients, stages and methods.
    ///
    /// - Parameters:
    ///   - vocabulary: The vocabulary, as it was loaded.
    ///   - templates: The mails' words.
    /// - Returns: Every fault, with its place in the file; none: the worker can do whatever a machine asks for.
    public func faults(of vocabulary: Vocabulary, templates: MailTemplates) -> [Fault] {
        let kinds = Set(kinds)
        let letters = Set(LetterTable.all.keys).intersection(templates.names)
        let stages = Set(PaymentReminder.Stage.allCases.map(\.rawValue))
        return unknown(vocabulary.jobs.map(\.name), "the kind of job", "handler", to: kinds)
            + unknown(vocabulary.notices.map(\.name), "the notice", "text") { NoticeText.named($0) != nil }
            + unknown(vocabulary.templates, "the template", "mail", to: letters)
            + unknown(vocabulary.documents, "the document", "code", to: Set(DocumentTable.all.keys))
            + unknown(vocabulary.recipients.map(\.name), "the recipient", "query", to: Set(Recipients.names))
            + unknown(vocabulary.stages, "the stage", "reminder", to: stages)
            + unknown(vocabulary.methods, "the method", "code", to: SendCalendarInviteHandler.methods)
    }

    private func unknown(_ words: [Word], _ what: String, _ code: String, to known: Set<String>) -> [Fault] {
        unknown(words, what, code) { known.contains($0) }
    }

    private func unknown(_ words: [Word], _ what: String, _ code: String, isKnown: (String) -> Bool) -> [Fault] {
        words.filter { !isKnown($0.text) }.map {
            Fault(code: "W160", location: $0.location, message: "\(what) \($0) has no \(code) behind it")
        }
    }
}
