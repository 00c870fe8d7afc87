/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec client-protocol 5.3, 5.4. */
class ZnodePathTest {
    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "/a/b", "/...", "/a.", "/..a", "/.x", "/a b", "/\u00a0", "/\uf900", "/\uffef"})
    void validPaths(String path) {
        assertThat(ZnodePath.findFault(path)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "a", "a/b", "/a/", "//", "//a", "/a//b", "/.", "/..", "/a/.", "/a/..", "/a/./b", "/a/../b",
                "/\u0000", "/\u0001", "/\u001f", "/\u007f", "/\u009f", "/\ud800", "/\udfff", "/\uf8ff", "/\ufff0",
                "/\uffff"
            })
    void invalidPaths(String path) {
        assertThat(ZnodePath.findFault(path)).isNotNull();
    }

    @Test
    void nullIsInvalid() {
        assertThat(ZnodePath.isValid(null)).isFalse();
    }

    @Test
    void theRoughTestWantsASlashAndNoNul() {
        assertThat(ZnodePath.isRoughlyValid("a/")).isTrue();
        assertThat(ZnodePath.isRoughlyValid("a")).isFalse();
        assertThat(ZnodePath.isRoughlyValid("/a\0")).isFalse();
    }

    @Test
    void theParentOfATopLevelNodeIsTheEmptyPath() {
        assertThat(ZnodePath.parentOf("/a")).isEmpty();
        assertThat(ZnodePath.parentOf("/a/b")).isEqualTo("/a");
        assertThat(ZnodePath.nameOf("/a/b")).isEqualTo("b");
        assertThat(ZnodePath.namespaceOf("/a/b")).isEqualTo("a");
        assertThat(ZnodePath.namespaceOf("/")).isEmpty();
    }
}
