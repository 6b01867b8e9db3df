export const cHeader = () => ''
export const cSource = () => ''
