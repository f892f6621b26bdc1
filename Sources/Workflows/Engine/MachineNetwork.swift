import StateMachines

/// The machines that run, and which of their reactions wait for what.
struct MachineNetwork: Sendable {
    /// A reaction and the machine in which it stands.
    struct Link: Sendable {
        var runner: any MachineRunner
        var reaction: Reaction
    }

    let vocabulary: Vocabulary
    let runners: [String: any MachineRunner]
    /// By the machine that moves; machines by name, within a file from the top, which is the order in which they run.
    private let links: [String: [Link]]

    init(_ runners: [String: any MachineRunner], vocabulary: Vocabulary) {
        self.runners = runners
        self.vocabulary = vocabulary
        var links: [String: [Link]] = [:]
        for (_, runner) in runners.sorted(by: { $0.key < $1.key }) {
            for reaction in runner.machine.reactions {
                for source in Set(reaction.when.map(\.machine.text)) {
                    links[source, default: []].append(Link(runner: runner, reaction: reaction))
                }
            }
        }
        self.links = links
    }

    /// The reactions that an event of a machine sets off, in their order.
    func links(to event: EventDraft, of machine: String) -> [Link] {
        (links[machine] ?? []).filter { $0.reaction.follows(event, of: machine) }
    }
}
