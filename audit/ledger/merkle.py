"""The Merkle tree of RFC 6962 and RFC 9162 over SHA-256.

A hash is 32 raw bytes. An index counts leaves from 0; a size is a number of leaves. The verify functions
answer True or False and never raise, since what they judge comes from outside.
"""

import hashlib
from collections.abc import Iterable, Sequence

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf holding `data`: SHA-256(0x00 ‖ data), RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 ‖ left ‖ right), RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree reduced to the roots of its perfect subtrees, the largest (leftmost) first.

    That is enough to append leaves and to know the root: one hash for each bit set in the size, so at most
    64 hashes for any log. Raises ValueError when the hashes cannot belong to a tree of `size` leaves.
    """

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if size < 0:
            raise ValueError(f"size: {size} is negative")
        if len(hashes) != size.bit_count():
            raise ValueError(
                f"hashes: a tree of {size} leaves has {size.bit_count()} perfect subtrees, not {len(hashes)}"
            )
        for digest in hashes:
            _require_hash(digest, "hashes")
        self.size = size
        self.hashes = list(hashes)

    def push(self, leaf: bytes) -> None:
        """Append one leaf hash. Raises ValueError unless it is 32 bytes."""
        _require_hash(leaf, "leaf")
        # Each trailing 1 bit of the size is a perfect subtree as large as the one just completed.
        size = self.size
        while size & 1:
            leaf = node_hash(self.hashes.pop(), leaf)
            size >>= 1
        self.hashes.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Append many leaf hashes at once, level by level: as `push` for each, a third cheaper.

        Raises ValueError unless each is 32 bytes; the tree is then as it was.
        """
        level, staying, size, sha256 = list(leaves), list[bytes](), self.size, hashlib.sha256
        for leaf in level:
            _require_hash(leaf, "leaves")
        self.size += len(level)
        while level:
            # A bit of the size is a subtree that waits for its right neighbour.
            if size & 1:
                level.insert(0, self.hashes.pop())
            if len(level) & 1:
                staying.append(level.pop())
            each = iter(level)
            level = [sha256(b"\x01" + left + right).digest() for left, right in zip(each, each, strict=True)]
            size >>= 1
        self.hashes += reversed(staying)

    def root(self) -> bytes:
        """Root hash of the tree as it stands; EMPTY_ROOT without leaves."""
        if not self.hashes:
            return EMPTY_ROOT
        digest = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            digest = node_hash(left, digest)
        return digest


def root(leaves: Iterable[bytes]) -> bytes:
    """Root hash of a tree with these leaf hashes. Raises ValueError for a hash that is not 32 bytes."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Audit path for the leaf at `index` in the tree of all `leaves`, RFC 9162 section 2.1.3.1.

    Raises ValueError when there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise ValueError(f"index: {index} is not in a tree of {len(leaves)} leaves")
    path: list[bytes] = []
    start, end = 0, len(leaves)
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root(leaves[middle:end]))
            end = middle
        else:
            path.append(root(leaves[start:middle]))
            start = middle
    return path[::-1]


def consistency_proof(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """Proof that the tree of the first `size` leaves is a prefix of all `leaves`, RFC 9162 section 2.1.4.1.

    Raises ValueError unless 1 <= size <= len(leaves): every tree extends the empty one, so a proof from
    size 0 would prove nothing.
    """
    if not 1 <= size <= len(leaves):
        raise ValueError(f"size: {size} is not between 1 and {len(leaves)}")
    path: list[bytes] = []
    start, end = 0, len(leaves)
    while end != size:
        middle = start + _split(end - start)
        if size <= middle:
            path.append(root(leaves[middle:end]))
            end = middle
        else:
            path.append(root(leaves[start:middle]))
            start = middle
    # A subtree that is the whole old tree is the root the verifier already holds.
    if start > 0:
        path.append(root(leaves[start:end]))
    return path[::-1]


def verify_inclusion(*, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows `leaf` at `index` of the tree (size, root), RFC 9162 section 2.1.3.2."""
    if not 0 <= index < size or not _all_hashes([leaf, root, *proof]):
        return False
    position, last, digest = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            digest = node_hash(sibling, digest)
            position, last = _climb(position, last)
        else:
            digest = node_hash(digest, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and digest == root


def verify_consistency(*, size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that tree (size1, root1) is a prefix of (size2, root2), RFC 9162 section 2.1.4.2.

    False for size1 = 0: any root at all would be "consistent" with the empty tree.
    """
    if not 1 <= size1 <= size2 or not _all_hashes([root1, root2, *proof]):
        return False
    if size1 == size2:
        return not proof and root1 == root2
    # A perfect old tree is itself the first node of the path and is left out of the proof.
    path = [root1, *proof] if size1.bit_count() == 1 else list(proof)
    if not proof:
        return False
    position, last = size1 - 1, size2 - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            position, last = _climb(position, last)
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == root1 and new == root2


def _climb(position: int, last: int) -> tuple[int, int]:
    """Skip the levels at which a node on the right edge has no sibling."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _split(count: int) -> int:
    """The largest power of two below `count` (count > 1)."""
    return 1 << (count - 1).bit_length() - 1


def _all_hashes(digests: Iterable[bytes]) -> bool:
    return all(len(digest) == HASH_SIZE for digest in digests)


def _require_hash(digest: bytes, field: str) -> None:
    if len(digest) != HASH_SIZE:
        raise ValueError(f"{field}: a hash has {HASH_SIZE} bytes, not {len(digest)}")
