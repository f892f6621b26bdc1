public import Database

extension Queue {
    /// Gives free slots to who waits for them, and lets blocked jobs go, until nothing more follows from it.
    ///
    /// - Parameters:
    ///   - followUp: What to look at.
    ///   - session: A session that is in no transaction, after the commit of what is followed up.
    /// - Returns: The queues that got jobs.
    /// - Throws: ``DatabaseError``; what is left the sweeps find.
    public static func follow(_ followUp: QueueFollowUp, in session: Session) throws(DatabaseError) -> Set<String> {
        var queues: Set<String> = []
        var open = followUp
        // Each round cancels or frees jobs that were blocked before, so it ends.
        while !open.isEmpty {
            var next = QueueFollowUp()
            if !open.dependents.isEmpty {
                let rows = try session.pipeline([plansByIndex, unblock(open.dependents.sorted())]).last?.rows ?? []
                next = try QueueFollowUp(rows: rows)
                for row in rows where try row.value("place", as: String.self) == JobPlace.ready.rawValue {
                    queues.insert(try row.value("queue"))
                }
            }
            if !open.keys.isEmpty {
                let rows = try session.pipeline([plansByIndex, admit(open.keys.sorted())]).last?.rows ?? []
                for row in rows { queues.insert(try row.value("queue")) }
            }
            open = next
        }
        return queues
    }
}
