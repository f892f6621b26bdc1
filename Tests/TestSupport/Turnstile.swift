/// Lets so many in at once; the others wait in line.
actor Turnstile {
    /// Tests with a database of their own: each has some connections, and a server has not many more than all of these.
    static let databases = Turnstile(places: 12)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) { free = places }

    /// Waits for a place.
    func enter() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Gives the place to who has waited longest.
    func leave() {
        guard waiting.isEmpty else { return waiting.removeFirst().resume() }
        free += 1
    }
}
