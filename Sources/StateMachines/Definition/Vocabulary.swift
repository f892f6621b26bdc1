/// Every word that the machine files use, in the words of those who run the business.
public struct Vocabulary: Sendable {
    /// A word and the sentence that says what it means.
    public struct Entry: Sendable {
        /// The word.
        public var name: Word
        /// What it means.
        public var says: String

        /// Makes an entry.
        public init(name: Word, says: String) {
            (self.name, self.says) = (name, says)
        }
    }

    /// The aggregates, in the order in which locks are taken.
    public var locks: [Word]
    /// Who may act.
    public var roles: [Role]
    /// Separations of duties.
    public var separations: [Entry]
    /// What an admin may be allowed to do.
    public var permissions: [Word]
    /// Time zones that a time of day may name.
    public var zones: [Entry]
    /// Whom a notice or mail may go to.
    public var recipients: [Entry]
    /// What a person may have to do.
    public var tasks: [Task]
    /// Facts of the product check that are not states.
    public var marks: [Entry]
    /// Guards.
    public var guards: [Guard]
    /// What moves change.
    public var applies: [Apply]
    /// Kinds of jobs.
    public var jobs: [Job]
    /// Subjects of notices.
    public var notices: [Notice]
    /// Templates of mails.
    public var templates: [Word]
    /// Documents that are rendered.
    public var documents: [Word]
    /// Stages of the reminder ladder.
    public var stages: [Word]
    /// Methods of calendar invitations.
    public var methods: [Word]
    /// Queries that reactions use.
    public var finders: [Finder]
    /// What reactions make.
    public var factories: [Factory]

    /// Makes a vocabulary of its parts.
    public init(
        locks: [Word] = [], roles: [Role] = [], separations: [Entry] = [], permissions: [Word] = [],
        zones: [Entry] = [], recipients: [Entry] = [], tasks: [Task] = [], marks: [Entry] = [], guards: [Guard] = [],
        applies: [Apply] = [], jobs: [Job] = [], notices: [Notice] = [], templates: [Word] = [],
        documents: [Word] = [], stages: [Word] = [], methods: [Word] = [], finders: [Finder] = [],
        factories: [Factory] = []
    ) {
        (self.locks, self.roles, self.separations, self.permissions) = (locks, roles, separations, permissions)
        (self.zones, self.recipients, self.tasks, self.marks) = (zones, recipients, tasks, marks)
        (self.guards, self.applies, self.jobs, self.notices) = (guards, applies, jobs, notices)
        (self.templates, self.documents, self.stages, self.methods) = (templates, documents, stages, methods)
        (self.finders, self.factories) = (finders, factories)
    }

    /// The guard of that name.
    public func `guard`(named name: String) -> Guard? { guards.first { $0.name == name } }

    /// The role of that name.
    public func role(named name: String) -> Role? { roles.first { $0.name == name } }

    /// The notice of that name.
    public func notice(named name: String) -> Notice? { notices.first { $0.name == name } }

    /// The kind of job of that name.
    public func job(named name: String) -> Job? { jobs.first { $0.name == name } }
}
