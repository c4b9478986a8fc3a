// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.raft.Folders;
import io.holdfast.server.raft.PeerIds;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;

/**
 * A node's data folder, and who the node is because of it: its incarnation is drawn when the folder is made, so a node
 * whose folder was lost is another one to the cluster.
 */
final class DataFolder implements AutoCloseable {
    private static final String IDENTITY = "identity.properties";
    private static final String NEXT_IDENTITY = IDENTITY + ".next";
    private static final String LOCK = "lock";
    private static final String RAFT = "raft";
    private static final int INCARNATION_BYTES = 4;

    private final Path path;
    private final FileChannel lockChannel;
    private final Properties identity;

    private DataFolder(Path path, FileChannel lockChannel, Properties identity) {
        this.path = path;
        this.lockChannel = lockChannel;
        this.identity = identity;
    }

    /** Opens the folder that the configuration names, or makes it; nobody else can, until it is closed. */
    static DataFolder open(NodeConfig config) throws NodeStartException {
        Path path = config.self().data().toAbsolutePath();
        FileChannel channel = null;
        try {
            Files.createDirectories(path);
            channel = lock(path);
            Properties identity = read(path);
            if (identity == null) {
                identity = make(config, path);
            }
            check(config, path, identity);
            return new DataFolder(path, channel, identity);
        } catch (IOException e) {
            close(channel);
            throw new NodeStartException(
                    "the data folder " + path + " cannot be used: " + e + "; make it writable, or name another one", e);
        } catch (NodeStartException e) {
            close(channel);
            throw e;
        }
    }

    private static FileChannel lock(Path path) throws IOException, NodeStartException {
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new NodeStartException(
                    "the data folder " + path + " is used by another process; stop it, or name another folder");
        }
        return channel;
    }

    private static @Nullable Properties read(Path path) throws IOException {
        Path file = path.resolve(IDENTITY);
        if (!Files.exists(file)) {
            return null;
        }
        Properties identity = new Properties();
        identity.load(new StringReader(Files.readString(file)));
        return identity;
    }

    private static Properties make(NodeConfig config, Path path) throws IOException, NodeStartException {
        try (Stream<Path> entries = Files.list(path)) {
            List<String> foreign = entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.equals(LOCK)
                            && !name.equals(NEXT_IDENTITY)
                            && !name.endsWith(".log")
                            && !name.endsWith(".pid"))
                    .sorted()
                    .toList();
            if (!foreign.isEmpty()) {
                throw new NodeStartException("the data folder " + path + " holds " + foreign.get(0)
                        + ", but is no data folder of a node; name an empty folder, or empty this one");
            }
        }
        byte[] incarnation = new byte[INCARNATION_BYTES];
        new SecureRandom().nextBytes(incarnation);
        Properties identity = new Properties();
        identity.setProperty("cluster", config.cluster());
        identity.setProperty("node", config.self().name());
        identity.setProperty("incarnation", HexFormat.of().formatHex(incarnation));
        identity.setProperty("peers", "");
        write(path, identity);
        return identity;
    }

    private static void check(NodeConfig config, Path path, Properties identity) throws NodeStartException {
        String cluster = identity.getProperty("cluster", "");
        String node = identity.getProperty("node", "");
        if (!cluster.equals(config.cluster()) || !node.equals(config.self().name())) {
            throw new NodeStartException("the data folder " + path + " belongs to the node " + node + " of the cluster "
                    + cluster + ", not to " + config.self().name() + " of " + config.cluster()
                    + "; name the right folder");
        }
        if (!identity.getProperty("peers", "").isEmpty() && !Files.isDirectory(path.resolve(RAFT))) {
            throw new NodeStartException("the data folder " + path
                    + " has lost its Raft log; empty the folder, start the node, and run 'bin/holdfast member replace "
                    + node + "'");
        }
    }

    private static void write(Path path, Properties identity) throws IOException {
        StringWriter text = new StringWriter();
        identity.store(text, "Who this node is. Not to be edited.");
        Path next = path.resolve(NEXT_IDENTITY);
        Files.writeString(next, text.toString());
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(next, path.resolve(IDENTITY), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Folders.syncEntry(path);
    }

    Path path() {
        return path;
    }

    String incarnation() {
        return identity.getProperty("incarnation", "");
    }

    /** This node's peer id. */
    RaftPeerId peerId() {
        return PeerIds.of(identity.getProperty("node", ""), incarnation());
    }

    /** The peer ids of the cluster that it was formed with; empty: it is not part of one yet. */
    synchronized List<String> peers() {
        String peers = identity.getProperty("peers", "");
        return peers.isEmpty() ? List.of() : List.of(peers.split(",", -1));
    }

    /** Notes that it is part of a cluster of these peers. */
    synchronized void joined(List<String> peers) throws IOException {
        Files.createDirectories(path.resolve(RAFT)); // first: a member without it has lost its log
        identity.setProperty("peers", String.join(",", peers));
        write(path, identity);
    }

    private static void close(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        close(lockChannel);
    }
}
