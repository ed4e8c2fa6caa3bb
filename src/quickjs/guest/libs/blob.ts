import type { GuestCore } from '../core.js'
import { createBlob } from './blob/blob.js'
import { createFormData } from './blob/form-data.js'
import { decodeMultipart, encodeMultipart } from './blob/multipart.js'

/** `Blob`, `File` and `FormData`. */
export default (core: GuestCore) => {
  const blobs = createBlob(core)
  const forms = createFormData(blobs)
  const { random } = Math
  return {
    Blob: blobs.Blob,
    File: blobs.File,
    FormData: forms.FormData,
    tools: {
      isBlob: blobs.isBlob,
      bytesOf: blobs.bytesOf,
      isForm: forms.isForm,
      newForm: forms.newForm,
      /** The body of a form, and the boundary in it. */
      toMultipart(form: object): { readonly bytes: Uint8Array; readonly boundary: string } {
        let boundary = '----gloveboxFormBoundary'
        for (let i = 0; i < 16; i++) boundary += Math.floor(random() * 36).toString(36)
        return { boundary, bytes: encodeMultipart(forms.entriesOf(form), boundary, blobs) }
      },
      /** @throws TypeError when the bytes are no such form. */
      fromMultipart: (bytes: Uint8Array, boundary: string): object => forms.newForm(decodeMultipart(bytes, boundary, blobs)),
    },
  }
}
